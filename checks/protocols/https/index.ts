export { type FetchContext, fetchOverHttps, type HttpsFetch, type HttpsTarget, nothingFetched } from "./fetch.ts";
