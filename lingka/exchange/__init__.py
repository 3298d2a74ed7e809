"""Cases to and from another platform: by files and by REST, and whether both agree."""
