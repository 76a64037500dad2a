import { attachments } from '../../kinds/persistentvolume/names.ts'
import { defineController, done, requeueAfter } from '../controller-runtime/controller.ts'
import { provisionerNamed } from './provisioners.ts'

const finalizerOf = (driver: string) => `external-attacher/${driver.replaceAll('.', '-')}`

/** Does what VolumeAttachments ask for, each after its while. As csi-attacher does. */
export const volumeAttacher = defineController({
  name: 'volume-attacher',
  component: 'csi-attacher',
  for: attachments,
  reconcile: (key, { client, clock, memory }) => {
    const attachment: any = client.get(attachments, key)
    const driver = provisionerNamed(attachment?.spec.attacher)
    if (!attachment || !driver) {
      memory.delete(key)
      return done
    }
    const finalizer = finalizerOf(driver.name)
    const { deletionTimestamp, finalizers = [] } = attachment.metadata
    const attached = attachment.status?.attached === true
    if (deletionTimestamp ? !finalizers.includes(finalizer) : attached) return done
    if (!deletionTimestamp && !finalizers.includes(finalizer)) {
      const metadata = { ...attachment.metadata, finalizers: [...finalizers, finalizer] }
      client.update(attachments, { ...attachment, metadata })
      return done
    }
    const what = deletionTimestamp ? 'detach' : 'attach'
    const remembered: { what: string; due: number } | undefined = memory.get(key)
    const due = remembered?.what === what ? remembered.due : clock.now() + driver.latencyMs[what]
    if (due > clock.now()) {
      memory.set(key, { what, due })
      return requeueAfter(due - clock.now())
    }
    memory.delete(key)
    if (deletionTimestamp) {
      const metadata = { ...attachment.metadata, finalizers: finalizers.filter((one: string) => one !== finalizer) }
      client.update(attachments, { ...attachment, metadata })
    } else client.updateStatus(attachments, { ...attachment, status: { ...attachment.status, attached: true } })
    return done
  },
})
