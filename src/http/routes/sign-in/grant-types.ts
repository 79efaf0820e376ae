/** The grants of the token endpoint. */
export const grantTypes = {
  device: 'urn:ietf:params:oauth:grant-type:device_code',
  refresh: 'refresh_token',
  exchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
} as const
