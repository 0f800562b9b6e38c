import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { addApi, newApp } from '../../gateway/api/app.ts'
import { localConfig } from '../localConfig.ts'
import type { Description } from './breaks.ts'

/** The API as a gateway describes it, at /openapi.json. */
export function describedApi(): Promise<Description> {
  return withApi(async (app) => app.swagger() as unknown as Description) // Its own document.
}

/** The API of a gateway without rails, while `work` needs it. `before`: what is to be there before its routes. */
export async function withApi<T>(work: (app: FastifyInstance) => Promise<T>, before?: (app: FastifyInstance) => void): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-contract-'))
  const gateway = await openGateway(checkConfig(localConfig(folder, {})))
  const app = newApp({ publicUrl: 'http://localhost' })
  before?.(app)
  try {
    await addApi(app, gateway)
    await app.ready()
    return await work(app)
  } finally {
    await app.close()
    await gateway.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
