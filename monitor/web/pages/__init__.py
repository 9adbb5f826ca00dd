"""The pages, one small file each: ``routes()`` says at which addresses a file answers."""
