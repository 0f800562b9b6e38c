import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { addApi, newApp } from '../../gateway/api/app.ts'
import { localConfig } from '../localConfig.ts'

/** A gateway without rails but its books, which listens on a free port. */
export async function listeningGateway() {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-sdk-'))
  const gateway = await openGateway(checkConfig(localConfig(folder, {})))
  const app = newApp({ publicUrl: 'http://localhost', trustedProxies: ['127.0.0.1'] })
  await addApi(app, gateway)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    async close() {
      // A client's fetch may have opened a connection ahead, on which nothing was asked.
      const closed = app.close()
      app.server.closeAllConnections()
      await closed
      await gateway.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
