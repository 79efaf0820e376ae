/** The floor: a Worker that sends the request on and the answer back, both untouched. */
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url)
    const { method, headers, body } = request
    const response = await fetch(env.UPSTREAM + pathname, { method, headers, body })
    return new Response(response.body, response)
  },
}
