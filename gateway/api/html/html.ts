const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** A text inside HTML, also inside an attribute's quotes. */
export function text(value: string): string {
  return value.replaceAll(/[&<>"']/g, (c) => ESCAPES[c]!)
}

/** A sentence with what its braces name, as HTML. Each is kept apart from the sentence, whatever direction it is written in. */
export function fill(sentence: string, values: Readonly<Record<string, string>>): string {
  return text(sentence).replaceAll(/\{(\w+)\}/g, (_, name: string) => `<bdi>${text(values[name] ?? '')}</bdi>`)
}

/** The same as plain text. */
export function fillPlain(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}

/** Shown whole, and copied by the button beside it where the browser lets a page do that. `label`: what is copied. */
export function copyable(value: string, { copy, label }: Readonly<{ copy: string; label: string }>): string {
  const button = `<button type="button" class="copy" data-text="${text(value)}" aria-label="${text(`${copy}: ${label}`)}" hidden>${text(copy)}</button>`
  return `<code dir="ltr">${text(value)}</code> ${button}`
}
