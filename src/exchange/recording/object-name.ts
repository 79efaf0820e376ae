/**
 * The name of a recording, `rec/2026/11/28/req_….json.gz`: by the day in UTC, so that a lifecycle rule and a reader
 * find it.
 */
export function toObjectName(id: string, at: number): string {
  return `rec/${new Date(at).toISOString().slice(0, 10).replaceAll('-', '/')}/${id}.json.gz`
}
