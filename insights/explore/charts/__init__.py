"""Charts drawn from answers: pure functions from an answer to a Plotly figure, a table and words."""
