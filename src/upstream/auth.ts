/** A provider's secret on its way up. No client credential ever comes here. */
import type { AuthStyle } from '../dialects/dialect.ts'

/** The one header that carries the secret, in the provider's style; none for `none`. */
export function toAuthHeaders(
  style: AuthStyle,
  secret: string | undefined,
): Record<string, string> {
  if (secret === undefined || style === 'none') {
    return {}
  }
  return style === 'bearer' ? { authorization: `Bearer ${secret}` } : { [style]: secret }
}
