import { openLog } from '../../adapters/operatorLog/openLog.ts'
import { readConfig } from '../config/config.ts'
import { environmentOf } from './environmentOf.ts'
import { serve } from './serve.ts'

type Options = Readonly<{ config: string; secrets?: string | undefined; json?: boolean | undefined }>

/** One gateway process against rails that run elsewhere. Forked, it tells its parent how the start goes on. */
export async function runGateway({ config, secrets, json }: Options): Promise<number> {
  const notify = (message: object) => process.send?.(message)
  const print = (event: object, line: string) => console.log(json ? JSON.stringify(event) : line)
  const say = process.send ? (line: string) => notify({ step: line }) : (line: string) => print({ step: line }, line)
  const server = await serve(readConfig(config, environmentOf(secrets)), {
    onStep: say,
    logger: openLog(process.env.SWITCHYARD_LOG ?? 'info', { atOnce: false }),
    // Memory may be ahead of the disk: the only right thing is to end, and to replay.
    onStop: () => process.exit(70),
    ...(process.send ? { railsOpen: askParent } : {}),
  })
  notify({ ready: { url: server.url, ...(server.demo ? { demo: server.demo } : {}) } })
  if (!process.send) print({ ready: { url: server.url } }, `ready at ${server.url}`)
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
    process.once('disconnect', resolve)
  })
  await server.close()
  process.exit(0)
}

/** The parent opens a channel to our node in the local network, then lets the start go on. */
function askParent(rails: { lightningNodeId: string | undefined }): Promise<void> {
  return new Promise((resolve) => {
    process.once('message', () => resolve())
    process.send?.({ railsOpen: rails })
  })
}
