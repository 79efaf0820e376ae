/** The part of forms that keys and groups share: models, budgets and rates. */
import type { KeyLimits } from '../../../keys/limits.ts'
import { periods } from '../../../keys/limits.ts'
import { Field } from './fields.tsx'

const rates = {
  rpm: 'Requests per minute',
  itpm: 'Input tokens per minute',
  otpm: 'Output tokens per minute',
  concurrency: 'Requests at once',
} as const

const rateNames = ['rpm', 'itpm', 'otpm', 'concurrency'] as const

interface Props {
  /** The ids that can be ticked. */
  known: readonly string[]
  /** The patterns that are set. */
  models: readonly string[]
  limits: KeyLimits
}

/** The fields of a form for models, budgets and rates. */
export function LimitFields({ known, models, limits }: Props) {
  const others = models.filter((model) => model !== '*' && !known.includes(model))
  return (
    <>
      <fieldset>
        <legend>Models</legend>
        <label class="check">
          <input type="checkbox" name="models" value="*" checked={models.includes('*')} /> All
          models, also later ones
        </label>
        <div class="checks">
          {known.map((id) => (
            <label class="check">
              <input type="checkbox" name="models" value={id} checked={models.includes(id)} />
              {id}
            </label>
          ))}
        </div>
        <Field
          label="Others, with * as wildcard"
          name="other_models"
          value={others.join(', ')}
          placeholder="claude-*, gpt-5"
        />
      </fieldset>
      <BudgetFields limits={limits} />
      <RateFields limits={limits} />
    </>
  )
}

function BudgetFields({ limits }: { limits: KeyLimits }) {
  return (
    <fieldset>
      <legend>Budgets in USD</legend>
      <div class="fields">
        {periods.map((period) => (
          <Field
            label={period === 'total' ? 'In total' : `Per ${period}`}
            name={`budget_${period}`}
            inputmode="decimal"
            pattern="[0-9]*[.]?[0-9]*"
            value={String(budgetOf(limits, period)?.usd ?? '')}
            placeholder="none"
          />
        ))}
      </div>
      <label class="check">
        <input
          type="checkbox"
          name="hard"
          checked={(limits.budgets ?? []).some(({ hard }) => hard === true)}
        />
        Never exceed a budget: reserve the highest cost of each request beforehand
      </label>
    </fieldset>
  )
}

function RateFields({ limits }: { limits: KeyLimits }) {
  return (
    <fieldset>
      <legend>Limits</legend>
      <div class="fields">
        {rateNames.map((name) => (
          <Field
            label={rates[name]}
            name={name}
            inputmode="numeric"
            pattern="[0-9]*"
            value={String(limits[name] ?? '')}
            placeholder="none"
          />
        ))}
      </div>
    </fieldset>
  )
}

function budgetOf({ budgets = [] }: KeyLimits, period: string) {
  return budgets.find((budget) => budget.period === period)
}

/** The fields of the API that the form has set; an empty one removes a limit. */
export function readLimitFields(form: URLSearchParams): object {
  const others = (form.get('other_models') ?? '').split(/[\s,]+/)
  const ticked = form.getAll('models')
  const models = [...new Set([...ticked, ...others])].filter((model) => model !== '')
  const hard = form.has('hard')
  const budgets = periods
    .filter((period) => form.has(`budget_${period}`))
    .map((period) => {
      const usd = toNumber(form.get(`budget_${period}`))
      return { usd, period, ...(usd === null ? {} : { hard }) }
    })
  const limits = Object.fromEntries(rateNames.map((name) => [name, toNumber(form.get(name))]))
  return {
    ...(models.length === 0 ? {} : { models: models.includes('*') ? ['*'] : models }),
    limits: { ...limits, budgets },
  }
}

/** A number of a field; null for an empty one. What is no number is refused by the API, with its name. */
function toNumber(text: string | null): number | string | null {
  const trimmed = (text ?? '').trim()
  return trimmed === '' ? null : Number.isNaN(Number(trimmed)) ? trimmed : Number(trimmed)
}
