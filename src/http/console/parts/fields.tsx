/** Labeled fields of forms. */
import type { JSX } from 'hono/jsx'

/** A field of one line. */
export function Field({ label, ...input }: { label: string } & JSX.IntrinsicElements['input']) {
  return (
    <label>
      {label}
      <input {...input} />
    </label>
  )
}

interface ChoiceProps {
  label: string
  name: string
  /** The values, each with its text where that is another. */
  options: readonly (string | readonly [value: string, text: string])[]
  /** The value that is chosen at first; that of the first option by default. */
  value?: string
}

/** A choice of one of several values. */
export function Choice({ label, name, options, value: chosen }: ChoiceProps) {
  return (
    <label>
      {label}
      <select name={name}>
        {options.map((option) => {
          const [value, text] = typeof option === 'string' ? [option, option] : option
          return (
            <option value={value} selected={value === chosen}>
              {text}
            </option>
          )
        })}
      </select>
    </label>
  )
}
