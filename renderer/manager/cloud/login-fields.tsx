/** @file E-mail and password of a restaurant account. The password stays in its field and is read once, when it is sent. Draws only. */

interface LoginProps {
  email: string
  onEmail: (email: string) => void
}

export function LoginFields({ email, onEmail }: LoginProps) {
  return (
    <>
      <label>
        E-mail
        <input
          type="email"
          name="email"
          autoComplete="username"
          maxLength={320}
          value={email}
          onChange={(event) => onEmail(event.target.value)}
        />
      </label>
      <label>
        Password
        <input type="password" name="password" autoComplete="current-password" maxLength={200} required />
      </label>
    </>
  )
}

/** The password typed into `form`. */
export function passwordOf(form: HTMLFormElement): string {
  return String(new FormData(form).get('password') ?? '')
}
