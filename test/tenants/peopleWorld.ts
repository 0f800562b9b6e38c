import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { addApi, newApp } from '../../gateway/api/app.ts'
import { checkAnswer } from '../contract/checkAnswer.ts'
import { localConfig, OPERATOR_KEY } from '../localConfig.ts'

export type Body = Readonly<Record<string, unknown>>
type Method = 'GET' | 'POST' | 'DELETE' | 'PATCH'
type How = Readonly<{ payload?: object; from?: string; idempotencyKey?: string; headers?: Readonly<Record<string, string>> }>
export type PeopleWorld = Awaited<ReturnType<typeof openPeopleWorld>>

/** A gateway with parties, and what each of their keys is answered; every answer is held to the contract. */
export async function openPeopleWorld(settings: object = {}) {
  let folder = mkdtempSync(join(tmpdir(), 'switchyard-people-'))
  let gateway: Awaited<ReturnType<typeof openGateway>>
  let app: ReturnType<typeof newApp>

  async function open() {
    gateway = await openGateway(checkConfig(localConfig(folder, settings)))
    app = newApp({ publicUrl: 'http://localhost', trustedProxies: ['127.0.0.1'] })
    await addApi(app, gateway)
    await app.ready()
  }
  async function close() {
    await app.close()
    await gateway.close()
  }
  await open()

  async function ask(method: Method, url: string, secret: string | undefined, how: How = {}) {
    const headers = {
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
      'idempotency-key': how.idempotencyKey ?? crypto.randomUUID(),
      ...(how.from ? { 'x-forwarded-for': how.from } : {}),
      ...how.headers,
    }
    const answer = await app.inject({ method, url, headers, ...(how.payload ? { payload: how.payload } : {}) })
    const isJson = /json/.test(String(answer.headers['content-type']))
    const body = isJson ? answer.json<Body>() : {}
    checkAnswer({ method, url, status: answer.statusCode, body: isJson ? body : answer.body })
    return { status: answer.statusCode, body, headers: answer.headers, secret: String(answer.headers['switchyard-api-key'] ?? '') }
  }

  return {
    ask,
    gateway: () => gateway,
    app: () => app,
    /** As after a clean stop. */
    async restart() {
      await close()
      await open()
    },
    /** As after a kill: goes on from what was on the disk at this moment, and from nothing that was written later. */
    async killed() {
      const [left, copy] = [folder, mkdtempSync(join(tmpdir(), 'switchyard-people-'))]
      cpSync(left, copy, { recursive: true })
      await close()
      rmSync(left, { recursive: true, force: true })
      folder = copy
      await open()
    },
    async close() {
      await close()
      rmSync(folder, { recursive: true, force: true })
    },
    async party(name: string) {
      const made = await ask('POST', '/v1/parties', OPERATOR_KEY, { payload: { name } })
      return { id: String(made.body.id), secret: made.secret }
    },
    async key(secret: string, payload: object) {
      const made = await ask('POST', '/v1/keys', secret, { payload: { name: 'of the test', ...payload } })
      if (made.status !== 201) throw new Error(`no key: ${JSON.stringify(made.body)}`)
      return { id: String(made.body.id), secret: made.secret }
    },
    /** Gives a party a balance, as an entry of the operator's. */
    async fund(party: string, units: bigint) {
      const { ledger, ground } = gateway
      const legs = [{ kind: 'move' as const, debit: 'capital:operator', credit: `party:${party}`, asset: ground.bookAsset, units }]
      const outcome = await ledger.books.submit({ facts: [], entry: { id: ground.ids.entry(), payment: 'grant', legs } })
      if (outcome.kind !== 'applied') throw new Error(outcome.kind)
    },
  }
}
