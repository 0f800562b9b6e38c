import type { FastifyInstance } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Session } from '../../parties/keys/sessions.ts'
import { APPROVAL_HEADER } from '../http/approving.ts'
import { INSIDE_HOST } from '../http/ownHost.ts'

/** What the API answered: its JSON, whatever the status. */
export type Answer = Readonly<{ status: number; body: unknown }>

/** `repeat`: the Idempotency-Key, so that a form that is sent twice does one thing. `approval`: the id of what another person has agreed to, or ''. */
type How = Readonly<{ repeat: string; approval: string }>

/** This gateway's API as one browser's key sees it. */
export type Ask = Readonly<{
  get: (path: string) => Promise<Answer>
  post: (path: string, body: object | undefined, how: How) => Promise<Answer>
}>

type Inside = Readonly<{ method: 'GET' | 'POST'; path: string; headers?: Record<string, string>; payload?: object | undefined }>

/** Asks the API inside this process as the key of the session: the same routes, rights, limits and refusals as from outside. `ip`: where the browser is. */
export function askAs(app: Pick<FastifyInstance, 'inject'>, { secret }: Pick<Session, 'secret'>, ip: string): Ask {
  async function ask({ method, path, headers, payload }: Inside): Promise<Answer> {
    const { statusCode, body } = await app.inject({
      method,
      url: insideApi(path),
      remoteAddress: ip,
      headers: { host: INSIDE_HOST, authorization: `Bearer ${secret}`, accept: 'application/json', ...headers },
      ...(payload === undefined ? {} : { payload }),
    })
    return { status: statusCode, body: body === '' ? undefined : (JSON.parse(body) as unknown) }
  }
  return {
    get: (path) => ask({ method: 'GET', path }),
    post(path, body, { repeat, approval }) {
      const headers = { 'idempotency-key': repeat, ...(approval === '' ? {} : { [APPROVAL_HEADER]: approval }) }
      return ask({ method: 'POST', path, payload: body, headers })
    },
  }
}

/** A page asks the API and nothing else: a route with a price, which a balance would pay, stands elsewhere. Dots that climb are taken out first. */
function insideApi(path: string): string {
  const url = URL.parse(path, `http://${INSIDE_HOST}`)
  if (url?.host === INSIDE_HOST && (url.pathname.startsWith('/v1/') || url.pathname === '/readyz')) return `${url.pathname}${url.search}`
  throw new GatewayError('not_found', 'There is nothing under this path of the API')
}
