export { type FetchContext, fetchOverHttps, type HttpsFetch, type HttpsTarget } from "./fetch.ts";
