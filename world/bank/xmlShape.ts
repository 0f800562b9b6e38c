import type { XmlElement } from './xmlTree.ts'

/** A child in its place of an xs:sequence: name, how often at most (0 times only with `optional`), and its own form. */
export type Child = Readonly<{ name: string; optional?: true; many?: true; form: Form }>
/** A leaf's text as a pattern, an xs:sequence, or an xs:choice of sequences. */
export type Form = RegExp | readonly Child[] | Readonly<{ choice: readonly Child[] }>

/** Checks an element as a schema would: known children only, in order, as often as allowed, text of the right form. Returns what is wrong. */
export function checkShape(element: XmlElement, form: Form, path = element.name): string | undefined {
  if (form instanceof RegExp) {
    if (element.children.length > 0) return `${path} has elements inside`
    return form.test(element.text) ? undefined : `${path} "${element.text.slice(0, 40)}" has not the right form`
  }
  if ('choice' in form) {
    const [only, ...others] = element.children
    const child = form.choice.find((c) => c.name === only?.name)
    if (!only || !child || others.length > 0) return `${path} wants one of ${form.choice.map((c) => c.name).join(', ')}`
    return checkShape(only, child.form, `${path}/${only.name}`)
  }
  return checkSequence(element, form, path)
}

function checkSequence(element: XmlElement, sequence: readonly Child[], path: string): string | undefined {
  let next = 0
  for (const { name, optional, many, form } of sequence) {
    let count = 0
    while (element.children[next]?.name === name) {
      const wrong = checkShape(element.children[next]!, form, `${path}/${name}`)
      if (wrong) return wrong
      next += 1
      count += 1
    }
    if (count === 0 && !optional) return `${path} lacks ${name}`
    if (count > 1 && !many) return `${path} has ${name} ${count} times`
  }
  const surplus = element.children[next]
  return surplus ? `${path} has ${surplus.name} where it may not be` : undefined
}

/** The element at a path of names, the first where several are. */
export function find(element: XmlElement, ...names: string[]): XmlElement | undefined {
  let found: XmlElement | undefined = element
  for (const name of names) found = found?.children.find((child) => child.name === name)
  return found
}

/** The text at a path of names. */
export function textAt(element: XmlElement, ...names: string[]): string | undefined {
  return find(element, ...names)?.text
}
