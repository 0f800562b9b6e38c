import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { addApi, newApp } from '../../gateway/api/app.ts'
import { localConfig } from '../localConfig.ts'
import type { Description } from './breaks.ts'

/** The API as a gateway describes it, at /openapi.json. */
export async function describedApi(): Promise<Description> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-contract-'))
  const gateway = await openGateway(checkConfig(localConfig(folder, {})))
  const app = newApp({ publicUrl: 'http://localhost' })
  try {
    await addApi(app, gateway)
    await app.ready()
    return app.swagger() as unknown as Description // Its own document.
  } finally {
    await app.close()
    await gateway.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
