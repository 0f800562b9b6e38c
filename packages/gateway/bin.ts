#!/usr/bin/env node
import { start } from '../../app/cli/start.ts'

await start(async () => ({ name: 'switchyard-gateway' }))
