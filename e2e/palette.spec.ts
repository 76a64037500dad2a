import AxeBuilder from '@axe-core/playwright'
import { apply, expect, openPage, pods, setManifest, setSpeed, test, twoTiers } from './fixtures.ts'

test('by keyboard: a node is unplugged, found, and plugged in again', async ({ page }) => {
  await openPage(page)
  await page.keyboard.press('ControlOrMeta+K')
  const palette = page.getByRole('dialog', { name: 'Find or do' })
  const box = palette.getByRole('combobox')
  await expect(box).toBeFocused()
  await box.fill('unplug node-3')
  await expect(palette.getByRole('option').first()).toHaveText(/Unplug node-3/)
  await page.keyboard.press('Enter')
  await expect(palette).toBeHidden()
  await expect(page.getByRole('button', { name: /^Node node-3.*Unplugged/i })).toBeVisible()

  await page.getByRole('button', { name: 'Find or do' }).click()
  await box.fill('node-3')
  await page.keyboard.press('ArrowDown')
  await expect(palette.getByRole('option', { selected: true })).toHaveCount(1)
  await box.fill('plug in node-3')
  await palette.getByRole('option', { name: /Plug in node-3/ }).click()
  await expect(page.getByRole('button', { name: /^Node node-3.*Unplugged/i })).toBeHidden()
})

test('objects are found by label and kind, workloads are scaled by a number', async ({ page }) => {
  await openPage(page)
  await setManifest(page, twoTiers)
  await apply(page)
  await setSpeed(page, 10)
  await expect(pods(page, 'web')).toHaveCount(3)
  const palette = page.getByRole('dialog', { name: 'Find or do' })
  const box = palette.getByRole('combobox')

  // While the cursor is in the editor, too, where the key would begin a chord.
  await page.locator('.monaco-editor .view-lines').click()
  await page.keyboard.press('ControlOrMeta+K')
  await box.fill('scale web 5')
  await palette.getByRole('option', { name: /Scale to 5: web/ }).click()
  await expect(pods(page, 'web')).toHaveCount(5)

  await page.keyboard.press('ControlOrMeta+K')
  await box.fill('web service')
  await palette.getByRole('option', { name: /^web\s*Service · shop/ }).click()
  await expect(page.getByRole('region', { name: 'Inspector' }).getByRole('heading', { name: 'web' })).toBeVisible()
})

test('what fits nothing says so; Escape closes and gives the focus back; axe finds nothing', async ({ page }) => {
  await openPage(page)
  const button = page.getByRole('button', { name: 'Find or do' })
  await button.focus()
  await page.keyboard.press('Enter')
  const palette = page.getByRole('dialog', { name: 'Find or do' })
  await expect(palette.getByRole('option').first()).toBeVisible()
  const found = await new AxeBuilder({ page }).include('.palette').analyze()
  expect(found.violations).toEqual([])
  await palette.getByRole('combobox').fill('zzzzqqqq')
  await expect(palette.getByText('Nothing fits')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(palette).toBeHidden()
  await expect(button).toBeFocused()
})

test('an example is opened, the theme is changed, and the sheet of keys lists the palette', async ({ page }) => {
  await openPage(page)
  const palette = page.getByRole('dialog', { name: 'Find or do' })
  await page.keyboard.press('ControlOrMeta+K')
  await palette.getByRole('combobox').fill('selects nothing')
  await palette.getByRole('option', { name: /A Service that selects nothing/ }).click()
  await expect(page.getByRole('button', { name: /^checkout.yaml/ })).toBeVisible()

  await page.keyboard.press('ControlOrMeta+K')
  await palette.getByRole('combobox').fill('light theme')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', /light|dark/)

  await page.keyboard.press('ControlOrMeta+K')
  await palette.getByRole('combobox').fill('keys')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Find or do')
})
