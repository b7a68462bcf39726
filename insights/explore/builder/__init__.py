"""The builder of questions: from a form's fields to a draft, and from a draft to the address of the page."""
