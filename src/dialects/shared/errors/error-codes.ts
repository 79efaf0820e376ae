/**
 * Error numbers of some providers and the HTTP status for each. Each table belongs to one body
 * format, since the same numbers differ in meaning elsewhere.
 */

/** Z.ai and Zhipu: `error.code`, a string of digits (docs.z.ai/api-reference/api-code). */
const digitCodes = toTable({
  400: ['1210', '1212', '1213', '1214', '1215', '1231', '1261', '1300'],
  401: ['1000', '1001', '1002', '1003', '1004', '1111'],
  402: ['1113', '1304', '1308', '1309', '1310'],
  403: ['1110', '1112', '1121', '1220', '1311'],
  404: ['1211', '1221', '1222'],
  // Content that it holds to be unsafe or sensitive.
  451: ['1301'],
  429: ['1302', '1303', '1305', '1313'],
  500: ['1100', '1200', '1230'],
  503: ['1120', '1234', '1312'],
})

/** MiniMax: `base_resp.status_code`, a number. */
const responseCodes = toTable({
  400: ['1042', '2013'],
  402: ['1008'],
  403: ['1004', '2049'],
  408: ['1001'],
  // Sensitive words in the prompt, or in the answer.
  451: ['1026', '1027'],
  429: ['1002', '1039', '1041', '2056'],
  500: ['1000', '1013', '1024', '1033'],
})

/** Cloudflare: `errors[].code`, a number (developers.cloudflare.com/workers-ai/platform/errors). */
const errorNumbers = toTable({
  400: ['3003', '5004', '5007'],
  403: ['2009', '3023', '3041', '5016', '5018', '5035', '10000'],
  404: ['3042', '7003'],
  405: ['5005', '5019'],
  408: ['3007', '3008'],
  413: ['3006'],
  429: ['3036', '3040'],
})

/** The HTTP status for a `code` that is a string of digits; undefined if it is unknown. */
export function digitCodeStatus(code: unknown): number | undefined {
  return typeof code === 'string' ? digitCodes.get(code) : undefined
}

/** The HTTP status for a `status_code` that is a number; undefined if it is unknown. */
export function responseCodeStatus(code: unknown): number | undefined {
  return typeof code === 'number' ? responseCodes.get(String(code)) : undefined
}

/** The HTTP status for a `code` that is a number; undefined if it is unknown. */
export function errorNumberStatus(code: unknown): number | undefined {
  return typeof code === 'number' ? errorNumbers.get(String(code)) : undefined
}

function toTable(codes: Record<number, readonly string[]>): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(codes).flatMap(([status, list]) => list.map((code) => [code, Number(status)])),
  )
}
