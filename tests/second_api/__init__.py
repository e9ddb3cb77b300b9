"""An invented API, whose words are all others: what is made of it works as what is made of the real one."""
