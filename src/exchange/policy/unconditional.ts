/**
 * Whether a refusal applies to every request to a model, so that requests of other keys may be
 * adjusted by it. It does if its words are about its subject and nothing else: a list of allowed
 * words, since the conditions that a vendor may name ("when streaming", "with a JSON schema") have
 * no end.
 */
import type { Refusal } from './refusal.ts'
import { readComplaints } from './refusal.ts'

// cspell:ignore aren doesn maxoutputtokens unrecognised -- words as vendors write them, in lower case.

/** Words that refuse something, and words around them that add no condition. */
const neutralWords = new Set(
  `a an the this that these your our its it is are was be been will has have not no nor longer do does
  don doesn isn aren t s and or one of to for with by on in at from as any all such
  parameter parameters param argument arguments field fields name names property properties key keys
  option options value values setting attribute input inputs output request requests body json payload
  object type error bad invalid message detail supplied received provided given passed sent specified set
  used using found find got cannot can must should exactly only default
  unsupported unrecognized unrecognised unknown unexpected extra forbidden permitted allowed supported
  support supports available unavailable accepted accept accepts recognized deprecated immutable removed
  ignored please remove try again instead use valid additional following satisfied returned errors failed
  unable submit deserialize into target line column that but because certain
  model models endpoint endpoints api deployment provider version region server host`.split(/\s+/),
)

/** What refusals of a kind may speak of besides. */
export const subjects = {
  field: new Set<string>(),
  media: new Set(
    `pdf pdfs document documents file files image images image_url input_image vision multimodal multi modal mmproj text string content variant
    expected part parts block blocks user messages take takes read see process handle text-only`.split(
      /\s+/,
    ),
  ),
  reasoning: new Set(
    `reasoning reasoning_content reasoning_details reasoning_text thinking thought thoughts messages
    message role assistant content block blocks contain include history earlier previous`.split(
      /\s+/,
    ),
  ),
  outputLimit: new Set(
    `max max_tokens max_completion_tokens max_output_tokens maxoutputtokens maximum tokens token completion
    output number count too large larger high greater less lower than equal most limit limits range between
    exceed exceeds exceeded you requested which inclusive exclusive up whereas
    integer above below expected update context_window`.split(/\s+/),
  ),
  betas: new Set('anthropic-beta beta betas flag flags header headers'.split(' ')),
} as const satisfies Record<string, ReadonlySet<string>>

/** Documentation and advice, which follow what is refused and are no conditions. */
const advice =
  /https?:\S+|\bfor (?:more|further) .*|\bplease (?:see|refer|consult) .*|\bhint: .*/gis

/** Numbers, the places of what is refused, and names of models, which have a number in them. */
const neutral = /^(?:[\d.,\]]+|messages?[\d.[\]a-z_]*|(?=\D*\d)[a-z][\w./-]*)$/

/** Whether all complaints consist of plain words, those of the subject, and `names`. */
export function isUnconditional(
  { body }: Pick<Refusal, 'body'>,
  subject: ReadonlySet<string>,
  names: readonly string[] = [],
): boolean {
  const own = new Set(names.map((name) => name.toLowerCase()))
  return readComplaints(body).every(({ message }) =>
    message
      .toLowerCase()
      .replace(advice, ' ')
      .split(/[^\w.,[\]/-]+|(?<![.,-])[.,-]+(?=\s|["'`)]|$)/)
      .map((word) => word.replace(/^[[.,/-]+|\[$/g, ''))
      .every(
        (word) =>
          word === '' ||
          neutralWords.has(word) ||
          subject.has(word) ||
          own.has(word) ||
          neutral.test(word),
      ),
  )
}
