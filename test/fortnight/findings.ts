import type { FortnightWorld } from './world.ts'

/** Something that the gateway shows to people. `text`: all that it says of it. `end`: what became of it. */
export type Finding = { key: string; where: Where; type: string; text: string; day: string; end: string }
export type Where = 'break' | 'suspense' | 'exception' | 'problem' | 'payout' | 'intent' | 'rates'

export type BreakBody = Readonly<{
  id: string
  kind: string
  status: 'open' | 'asked' | 'resolved'
  owner: string | null
  expectations: readonly string[]
  movements: readonly string[]
  proposal: object | null
  resolution: Readonly<{ how: string; by: string | null }> | null
}>
type Suspense = Readonly<{
  data: readonly Readonly<{ id: string; amount: object }>[]
  waiting: readonly Readonly<{ id: string; requested_by?: string }>[]
  exceptions: readonly object[]
  problems: readonly Readonly<{ rail: string; what: string; detail: string }>[]
}>
type Page<T> = Readonly<{ data: readonly T[]; next?: string | null }>

/** All breaks that there ever were, whatever became of them. */
export async function breaksOf({ call }: FortnightWorld): Promise<BreakBody[]> {
  const all: BreakBody[] = []
  for (let after = ''; ; ) {
    const { body } = await call<Page<BreakBody>>('GET', `/v1/reconciliation?limit=100${after}`)
    all.push(...body.data)
    if (!body.next) return all
    after = `&after=${encodeURIComponent(body.next)}`
  }
}

export async function suspenseOf({ call }: FortnightWorld): Promise<Suspense> {
  return (await call<Suspense>('GET', '/v1/suspense')).body
}

/** What the gateway has shown so far, each with the day on which it was shown first. */
export function createFindings(w: FortnightWorld) {
  const found = new Map<string, Finding>()

  function see(now: Omit<Finding, 'day'>, day: string): void {
    const before = found.get(now.key)
    found.set(now.key, { ...now, day: before?.day ?? day })
  }

  return {
    all: (): Finding[] => [...found.values()],
    see,
    /** Looks at everything that is shown to operators. */
    async look(day: string): Promise<void> {
      for (const one of await breaksOf(w)) {
        const end = one.resolution ? endOf(one.resolution) : one.owner ? `waits for ${one.owner}` : 'open'
        see({ key: one.id, where: 'break', type: one.kind, text: JSON.stringify(one), end }, day)
      }
      const { data, exceptions, problems } = await suspenseOf(w)
      const waiting = new Set(data.map(({ id }) => id))
      for (const one of found.values()) if (one.where === 'suspense' && !waiting.has(one.key)) one.end = 'given to a party by anna'
      // What an entry of the operators put there is no finding.
      for (const one of data.filter(({ id }) => !id.startsWith('sa_')))
        see({ key: one.id, where: 'suspense', type: 'of nobody', text: JSON.stringify(one), end: 'waits for an operator' }, day)
      for (const one of exceptions) {
        const text = JSON.stringify(one)
        see(
          {
            key: text,
            where: 'exception',
            type: text.includes('taken back') ? 'taken back' : 'exception',
            text,
            end: 'shown to an operator',
          },
          day,
        )
      }
      for (const one of found.values()) if (one.where === 'problem') one.end = 'ended by itself'
      for (const one of problems) {
        const text = `${one.rail}: ${one.what}: ${one.detail}`
        see({ key: text, where: 'problem', type: one.what, text, end: 'shown to an operator' }, day)
      }
    },
  }
}

export type Findings = ReturnType<typeof createFindings>

function endOf({ how, by }: Readonly<{ how: string; by: string | null }>): string {
  if (how === 'entry') return `entry by ${by}`
  if (how === 'cleared') return 'ended by itself'
  return how === 'rule' ? 'by a rule' : `accepted by ${by}`
}
