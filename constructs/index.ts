export { AccessLogTrail, type AccessLogTrailProps } from "./access-log-trail/index.ts";
export { AlarmTopic, type AlarmTopicProps } from "./alarm-topic/index.ts";
export { DeliverySettings, type DeliverySettingsProps } from "./delivery-settings/index.ts";
export { MailDomainDns, type MailDomainDnsProps } from "./mail-domain-dns/index.ts";
export { MailEventTrail, type MailEventTrailProps } from "./mail-event-trail/index.ts";
export { MailKey, type MailKeyProps } from "./mail-key/index.ts";
export { MtaStsPolicyHost, type MtaStsPolicyHostProps } from "./mta-sts-policy-host/index.ts";
export { SendingIdentity, type SendingIdentityProps } from "./sending-identity/index.ts";
