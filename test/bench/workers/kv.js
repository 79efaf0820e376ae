/**
 * A KV namespace in memory, in the protocol that workerd's kvNamespace binding speaks to its service:
 * the key is the path, and metadata is JSON in a header. It begins with what SEED holds.
 */
const entries = new Map()

export default {
  async fetch(request, env) {
    if (entries.size === 0) {
      for (const [key, entry] of Object.entries(env.SEED)) {
        entries.set(key, entry)
      }
    }
    const key = decodeURIComponent(new URL(request.url).pathname.slice(1))
    if (request.method === 'PUT') {
      const metadata = request.headers.get('CF-KV-Metadata')
      entries.set(key, { value: await request.text(), metadata })
      return new Response(null, { status: 204 })
    }
    if (request.method === 'DELETE') {
      entries.delete(key)
      return new Response(null, { status: 204 })
    }
    const entry = entries.get(key)
    if (entry === undefined) {
      return new Response(null, { status: 404 })
    }
    const headers = entry.metadata ? { 'CF-KV-Metadata': entry.metadata } : {}
    return new Response(entry.value, { headers })
  },
}
