import { OPERATIONS } from '../../gateway/api/contract/operations.ts'
import type { Operation } from '../../gateway/api/contract/shapes.ts'

/** Promised operations by method, each with its path as a pattern; longer paths first, so that an id is not taken for a name. */
const patterns = Object.entries(OPERATIONS)
  .map(([name, operation]) => {
    const [method, path] = name.split(' ') as [string, string]
    return {
      method,
      operation,
      name,
      match: new RegExp(`^${path.replace(/:[a-z_0-9]+/g, '[^/]+')}$`),
      fixed: path.replace(/:[a-z_0-9]+/g, '').length,
    }
  })
  .toSorted((a, b) => b.fixed - a.fixed)

type Answer = Readonly<{ method: string; url: string; status: number; body: unknown }>

/** What an answer is beside what is promised of it; undefined where it keeps the promise, or none was made. */
export function brokenPromise({ method, url, status, body }: Answer): string | undefined {
  const path = url.replace(/^https?:\/\/[^/]+/, '').split('?')[0]!
  const found = patterns.find((one) => one.method === method && one.match.test(path))
  if (!found || status >= 400) return undefined
  const schema = (found.operation as Operation).answers[status]
  if (!schema) return `${found.name} answered ${status}, which it does not promise`
  const { error } = schema.safeParse(body)
  const first = error?.issues[0]
  return (
    first && `${found.name} ${status}: ${first.path.join('.') || 'the answer'}: ${first.message} ${JSON.stringify(first).slice(0, 400)}`
  )
}

/** Throws what `brokenPromise` says. */
export function checkAnswer(answer: Answer): void {
  const broken = brokenPromise(answer)
  if (broken !== undefined) throw new Error(broken)
}
