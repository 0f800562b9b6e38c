#!/usr/bin/env node
import { startClient } from '../../app/cli/startClient.ts'

await startClient()
