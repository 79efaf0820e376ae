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

interface ConfirmFormProps {
  /** The path that the form posts to. */
  action: string
  /** What the first button says; `Delete` by default. */
  verb?: string
  /** What is lost. */
  loss: string
  label: string
  /** The `status` that the form sends, if any. */
  status?: string
}

/** A button behind another, since what it ends is gone. */
export function ConfirmForm({ action, verb = 'Delete', loss, label, status }: ConfirmFormProps) {
  return (
    <details class="confirm">
      <summary>{verb}…</summary>
      <form method="post" action={action}>
        {status !== undefined && <input type="hidden" name="status" value={status} />}
        <p>{loss}</p>
        <button class="danger">{label}</button>
      </form>
    </details>
  )
}
