import { expect, test } from 'vitest'
import { actorOf } from './actor.ts'

test.each([
  ['kubernetes-admin', { type: 'user' }],
  ['system:node:node-2', { type: 'kubelet', name: 'node-2' }],
  ['system:kube-scheduler', { type: 'component', name: 'kube-scheduler' }],
  ['system:serviceaccount:kube-system:job-controller', { type: 'component', name: 'job-controller' }],
] as const)('%s', (user, actor) => {
  expect(actorOf(user)).toEqual(actor)
})
