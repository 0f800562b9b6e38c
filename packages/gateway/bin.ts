#!/usr/bin/env node
import { start } from '../../app/cli/start.ts'

await start(async () => (await import('../../app/cli/program.ts')).gatewayCommand({ name: 'switchyard-gateway' }))
