/** The cluster's own: a certificate needs real key material to be of use; nothing inside the cluster checks it. */
export const rootCertificate =
  '-----BEGIN CERTIFICATE-----\nS3ViZWNvc20gc2ltdWxhdGVkIGNsdXN0ZXIgQ0E=\n-----END CERTIFICATE-----\n'
