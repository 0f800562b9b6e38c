import { makeWithKey } from './gatewayCall.ts'
import { print } from './print.ts'
import { type Asked, whichGateway } from './whichGateway.ts'

type Limits = Readonly<{
  party?: string | undefined
  requestUsdMax: string
  dayUsdMax: string
  approvalAboveUsd?: string | undefined
  payee?: readonly string[] | undefined
  expiresInS?: string | undefined
}>
type Making = Asked & Limits & Readonly<{ id?: string | undefined; approval?: string | undefined }>
type Money = Readonly<{ asset: string; amount: string }>
type Agent = Readonly<{
  id: string
  object: string
  name: string
  status: string
  party: string
  request_max: Money
  day_max: Money
  left_today: Money
  payees: readonly string[] | null
  ends_at: string | null
}>
type Approval = Readonly<{ id: string; object: string; why: string }>

/** The agents of a party, with what each has left today. */
export async function listAgents(o: Asked & Readonly<{ party?: string | undefined }>): Promise<number> {
  const query = o.party === undefined ? '' : `?party=${encodeURIComponent(o.party)}`
  const found = (await whichGateway(o).call('GET', `/v1/agents${query}`)) as { data: readonly Agent[] } // The gateway's own answer.
  print(o, found, () => (found.data.length === 0 ? 'no agents' : found.data.map(textOf).join('\n')))
  return 0
}

export async function showAgent(id: string, o: Asked): Promise<number> {
  const agent = (await whichGateway(o).call('GET', `/v1/agents/${encodeURIComponent(id)}`)) as Agent // As above.
  print(o, agent, () => textOf(agent))
  return 0
}

/** Ends an agent at once and for good. */
export async function revokeAgent(id: string, o: Asked): Promise<number> {
  const path = `/v1/agents/${encodeURIComponent(id)}/revoke`
  const agent = (await whichGateway(o).call('POST', path, {}, crypto.randomUUID())) as Agent // As above.
  print(o, agent, () => textOf(agent))
  return 0
}

/** Makes an agent and prints its key, this once; 3 when another person must agree first. */
export function createAgent(name: string, o: Making, command: string): Promise<number> {
  return make('/v1/agents', name, o, { again: `${command} agents create`, word: name })
}

/** Makes the program that shows a code an agent; it fetches its key itself. */
export function grantAgent(code: string, o: Making & Readonly<{ name: string }>, command: string): Promise<number> {
  return make(`/v1/device_codes/${encodeURIComponent(code)}/grant`, o.name, o, { again: `${command} agents grant`, word: code })
}

async function make(path: string, name: string, o: Making, { again, word }: Readonly<{ again: string; word: string }>): Promise<number> {
  const id = o.id ?? crypto.randomUUID()
  // Said first: with it the same command can be repeated after whatever happens, and makes one agent.
  if (!o.json) console.log(`key ${id} (repeat with --id ${id})`)
  const { answer, status, apiKey } = await makeWithKey(whichGateway(o), { path, body: bodyOf(name, o), id, approval: o.approval })
  if (status === 202) {
    const waits = answer as Approval // As its contract says of a 202.
    print(o, waits, () => `${waits.id}: ${waits.why}\nwhen another person has agreed: ${again} ${word} ... --approval ${waits.id}`)
    return 3
  }
  const agent = answer as Agent // As its contract says of a 201.
  print(o, apiKey === undefined ? agent : { ...agent, api_key: apiKey }, () => `${textOf(agent)}${apiKey ? `\n${apiKey}` : ''}`)
  return 0
}

function bodyOf(name: string, o: Limits): object {
  return {
    name,
    request_usd_max: o.requestUsdMax,
    day_usd_max: o.dayUsdMax,
    ...(o.party === undefined ? {} : { party: o.party }),
    ...(o.approvalAboveUsd === undefined ? {} : { approval_above_usd: o.approvalAboveUsd }),
    ...(o.payee === undefined ? {} : { payees: o.payee }),
    ...(o.expiresInS === undefined ? {} : { expires_in_s: Number.parseInt(o.expiresInS, 10) }),
  }
}

function textOf({ id, name, status, left_today: left, request_max: request, day_max: day, payees, ends_at: ends }: Agent): string {
  const limits = `${request.amount} USD a request, ${left.amount} of ${day.amount} USD left today`
  const whom = payees === null ? '' : `, to ${payees.join(' ')}`
  return `${id}  ${status}  ${JSON.stringify(name)}\n    ${limits}${whom}${ends === null ? '' : `, until ${ends}`}`
}
