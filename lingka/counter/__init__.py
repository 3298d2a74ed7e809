"""The one-stop counter: windows, appointments without an account, papers handed in once."""
