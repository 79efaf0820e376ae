/** The comparison that `npm run drift` makes, on small declarations. */
import { describe, expect, test } from 'vitest'

import type { ModelsDev } from '../../src/cli/catalog/models-dev.ts'
import { presets } from '../../src/providers/index.ts'
import { findNew } from './compare.ts'
import { Declarations } from './declarations.ts'
import { findUnmatched } from './models.ts'
import type { Watched } from './watched.ts'

const text = `
/** A comment with 'quotes'; and { braces }. */
export type Reason = 'stop' | "length" | null;
export declare enum Level { /** first */ LOW = "LOW", HIGH = "HIGH" }
export declare const Ending: { readonly END: "end"; readonly CUT: "cut"; };
export interface Start { index: number; type: 'start'; block: { type: 'text' | 'tool' }; }
export interface Stop {
    /**
     * @deprecated
     */
    type: 'stop';
    reason?: 'a' | 'b';
}
export type Event = Start | Namespace.Stop | (string & {});
export type Block = Block.TextMember | Block.ToolUseMember | Block.$UnknownMember;
export declare class ThrottlingException extends Base {}
export declare class Client extends Base {}
`

describe('declarations', () => {
  const declarations = new Declarations(text)

  test.each([
    ['Reason', ['stop', 'length']],
    ['Level', ['LOW', 'HIGH']],
    ['Ending', ['end', 'cut']],
    ['Event', ['start', 'stop']],
    ['Absent', []],
  ])('the declarations of an SDK yield the literals of %s', (name, values) => {
    expect(declarations.literals(name)).toEqual(values)
  })

  test('the declarations of an SDK yield the literals of a field, and the fields themselves', () => {
    expect(declarations.fieldLiterals('Stop', 'reason')).toEqual(['a', 'b'])
    expect(declarations.fields('Stop')).toEqual(['type', 'reason'])
  })

  test('the declarations of AWS’s SDK yield the members of a union as on the wire', () => {
    expect(declarations.members('Block')).toEqual(['text', 'toolUse'])
  })

  test('the declarations of an SDK yield classes by the end of their name', () => {
    expect(declarations.classes('Exception')).toEqual(['ThrottlingException'])
  })
})

describe('a comparison', () => {
  const watched: Watched = {
    package: 'p',
    title: 't',
    read: (declarations) => declarations.literals('Reason'),
    known: ['room'],
  }
  const compare = (more: Partial<Watched>, source: string) =>
    findNew({ ...watched, ...more }, text, () => source)

  test('the drift comparison finds values that no source file names as a whole word', () => {
    expect(compare({}, `{ stop: 1, max_length: 2 }`)).toEqual(['length'])
    expect(compare({}, `['STOP', 'length']`)).toEqual([])
  })

  test('the drift comparison omits settled values, and calls a function if there is one', () => {
    expect(compare({ settled: [[/^len/, 'why']] }, '')).toEqual(['stop'])
    expect(compare({ known: (value) => value === 'length' }, '')).toEqual(['stop'])
  })

  test('the drift comparison reports a type that the SDK no longer has', () => {
    expect(compare({ read: (declarations) => declarations.literals('Gone') }, '')).toBeUndefined()
  })
})

test('models are listed that no rule of their preset matches, if they are new enough', () => {
  const model = (release_date: string, output = 'text') => ({
    release_date,
    modalities: { input: ['text'], output: [output] },
  })
  const providers: ModelsDev = {
    moonshotai: {
      api: 'https://api.moonshot.ai/v1',
      env: [],
      models: {
        'kimi-k9': model('2026-11-01'),
        'luna-1': model('2026-11-01'),
        'luna-0': model('2025-01-01'),
        'luna-voice': model('2026-11-01', 'audio'),
      },
    },
  }
  expect(findUnmatched(presets, providers, '2026-06-01')).toEqual([
    { preset: 'kimi', models: ['luna-1'] },
  ])
})
