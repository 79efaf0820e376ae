/** Faults that a change could bring in unnoticed. For each one a test must fail. */
export interface Mutant {
  name: string
  file: string
  /** Occurs once in the file. */
  find: string
  replace: string
  /** The test files that must notice. */
  tests: readonly string[]
  project: 'pure' | 'workers'
}

function mutant(
  name: string,
  fields: Omit<Mutant, 'name' | 'project'>,
  project: Mutant['project'] = 'pure',
): Mutant {
  return { name, project, ...fields }
}

export const mutants: readonly Mutant[] = [
  mutant(
    'a revoked admin key is accepted while KV is stale',
    {
      file: 'src/ledger/client.ts',
      find: "policy.status !== 'active'",
      replace: 'false',
      tests: ['test/http/admin/admin.test.ts'],
    },
    'workers',
  ),
  mutant('a forged chat signature sets reserved fields of a message', {
    file: 'src/dialects/openai-chat/request/replay.ts',
    find: 'omitKeys(state, reserved)',
    replace: 'state',
    tests: ['test/dialects/openai-chat'],
  }),
  mutant('an older policy replaces a newer one in the ledger', {
    file: 'src/ledger/storage/policy.ts',
    find: 'known === undefined || known.version <= policy.version',
    replace: 'true',
    tests: ['test/ledger'],
  }),
  mutant('an older policy decides about a request', {
    file: 'src/ledger/reservations.ts',
    find: 'policy === undefined || policy.version <= request.version',
    replace: 'true',
    tests: ['test/ledger'],
  }),
  mutant('a memory of the isolate is not bounded', {
    file: 'src/platform/bounded-cache.ts',
    find: 'this.#entries.size > this.#max',
    replace: 'false',
    tests: ['test/platform'],
  }),
  mutant('resolved model names are remembered without a bound', {
    file: 'src/catalog/resolve/resolver.ts',
    find: 'new BoundedCache(cacheBounds.resolutions)',
    replace: 'new BoundedCache(Infinity)',
    tests: ['test/catalog'],
  }),
  mutant('a key is stored before its identity, and so may work without being revocable', {
    file: 'src/keys/store.ts',
    find: '  await putIdentity({ ...summary, changing: true })\n',
    replace: '',
    tests: ['test/keys'],
  }),
  mutant('a partial argument named __proto__ sets a prototype', {
    file: 'src/dialects/gemini/response/partial-args.ts',
    find: 'Object.getOwnPropertyDescriptor(holder, step)?.value',
    replace: 'Reflect.get(holder, step)',
    tests: ['test/dialects/gemini'],
  }),
  mutant('a model name is not escaped in the path of Bedrock Converse', {
    file: 'src/dialects/bedrock/request/request.ts',
    find: 'encodeURIComponent(target.model)',
    replace: 'target.model',
    tests: ['test/dialects'],
  }),
  mutant('a model name is not escaped in the path of Bedrock InvokeModel', {
    file: 'src/dialects/anthropic/hosts/bedrock.ts',
    find: 'encodeURIComponent(model)',
    replace: 'model',
    tests: ['test/dialects'],
  }),
  mutant('the request to the token endpoint follows a redirect', {
    file: 'src/upstream/auth/google-token.ts',
    find: "redirect: 'manual'",
    replace: "redirect: 'follow'",
    tests: ['test/upstream'],
  }),
  mutant('an answer of an upstream is read without a bound', {
    file: 'src/streaming/body-input.ts',
    find: 'this.#bytes > this.#maxBytes',
    replace: 'false',
    tests: ['test/streaming'],
  }),
  mutant('an upstream path may leave the base URL', {
    file: 'src/upstream/upstream-url.ts',
    find: 'resolvable.test(pathname)',
    replace: 'false',
    tests: ['test/upstream'],
  }),
  mutant('an escaped dot segment in a model name is accepted', {
    file: 'src/catalog/resolve/model-name.ts',
    find: 'decodeDots(piece))',
    replace: 'piece)',
    tests: ['test/catalog'],
  }),
]
