#!/usr/bin/env node
import { start } from '../../app/cli/start.ts'

await start(async () => (await import('../../app/cli/clientCommand.ts')).clientCommand('switchyard-client'), { nodeMin: 20 })
