/** What `a[b][0]=c` stands for in a form's body: objects of objects, each leaf a text. */
export type Form = { [name: string]: string | Form }

/** Reads a body of application/x-www-form-urlencoded in the way of Stripe's API. */
export function readForm(body: string): Form {
  const form: Form = {}
  for (const [path, value] of new URLSearchParams(body)) {
    const names = path.split('[').map((name) => name.replace(/\]$/, ''))
    const last = names.pop()! // A text that is split has one part at least.
    let at = form
    for (const name of names) {
      const inner = at[name]
      if (typeof inner === 'object') at = inner
      else {
        const made: Form = {}
        at[name] = made
        at = made
      }
    }
    at[last] = value
  }
  return form
}

/** The text at a path of names, or undefined. */
export function textAt(form: Form, ...names: readonly string[]): string | undefined {
  let at: string | Form | undefined = form
  for (const name of names) at = typeof at === 'object' ? at[name] : undefined
  return typeof at === 'string' ? at : undefined
}

/** The texts of an object by their names; none where there is no object. */
export function textsAt(form: Form, name: string): Record<string, string> {
  const inner = form[name]
  if (typeof inner !== 'object') return {}
  return Object.fromEntries(Object.entries(inner).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
