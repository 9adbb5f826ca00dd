"""The words of the site's screens, one table a language; the tables have the same keys."""
