export { type CrossRegister, type CrossResult, crossRegister, type RegisterOutcome, type RowEvidence, type VendorVerdict } from "./cross-register.ts";
export { vendorOfHost } from "./host-vendor.ts";
export { matchVendors, type VendorFacts, type VendorMatch, type VendorSignal, type VendorSignalName } from "./match-vendors.ts";
export { type DocumentState, documentStateOf, type RegisterRow, registerRowOf, type Standing, standingOf } from "./register.ts";
export type { VendorRow, VendorTable } from "./vendor-data.ts";
