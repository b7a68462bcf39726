from django.db import migrations

# Says nothing and costs nothing, but lets the planner know what it costs to unpack the words of a row: without it, it
# would rather look through thousands of rows in their order than ask the index of words for a few.
MAKE = """
CREATE FUNCTION words_unpacked(words tsvector) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 500 AS $$
BEGIN
    RETURN true;
END
$$
"""


class Migration(migrations.Migration):

    dependencies = [("insights_voice_texts", "0001_words_of_a_text")]

    operations = [migrations.RunSQL(MAKE, "DROP FUNCTION words_unpacked(tsvector)")]
