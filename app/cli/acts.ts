import { print } from './print.ts'
import { type Asked, whichGateway } from './whichGateway.ts'

type Options = Asked &
  Readonly<Partial<Record<'party' | 'person' | 'byKey' | 'resource' | 'since' | 'until' | 'after', string | undefined>> & { limit: string }>
type Act = Readonly<{
  id: string
  at: string
  party: string | null
  operator: string | null
  person: string | null
  key: string | null
  from: string
  what: string
  resources: readonly string[]
  status: number
}>
type Page = Readonly<{ data: readonly Act[]; next?: string }>

/** Who changed what; a page. */
export async function listActs(o: Options): Promise<number> {
  const { party, person, byKey: key, resource, since, until, after, limit } = o
  const asked = Object.entries({ party, person, key, resource, since, until, after, limit })
  const query = new URLSearchParams(asked.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
  const page = (await whichGateway(o).call('GET', `/v1/acts?${query}`)) as Page // The gateway's own answer.
  print(o, page, () => textOf(page))
  return 0
}

function textOf({ data, next }: Page): string {
  const lines = data.map((act) => {
    const who = [act.party ?? act.operator, act.person, act.key ?? 'key of the configuration'].filter((part) => part !== null)
    return `${act.at}  ${act.what}  ${act.status}  ${act.resources.join(' ')}\n    ${who.join(' ')}  from ${act.from}  ${act.id}`
  })
  return [...(lines.length === 0 ? ['nothing was changed'] : lines), ...(next === undefined ? [] : [`more: --after ${next}`])].join('\n')
}
