from django.db import migrations

# The words of a text as its language's stemmer leaves them, for columns that the database keeps itself; a text whose
# language is not known is read as English. Slashes, at signs and angles part words: else "import/export" is the name
# of a file, a domain is not found in an address, and a tag hides all that follows it. A vector holds a megabyte at most, and 400,000 bytes of any words stay below
# that: of longer texts the beginning is indexed.
MAKE = """
CREATE FUNCTION words_of_text(language text, heading text, body text, more text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    stemmer regconfig := CASE language
        WHEN 'ar' THEN 'pg_catalog.arabic'::regconfig
        WHEN 'hy' THEN 'pg_catalog.armenian'::regconfig
        WHEN 'eu' THEN 'pg_catalog.basque'::regconfig
        WHEN 'ca' THEN 'pg_catalog.catalan'::regconfig
        WHEN 'da' THEN 'pg_catalog.danish'::regconfig
        WHEN 'nl' THEN 'pg_catalog.dutch'::regconfig
        WHEN 'en' THEN 'pg_catalog.english'::regconfig
        WHEN 'fi' THEN 'pg_catalog.finnish'::regconfig
        WHEN 'fr' THEN 'pg_catalog.french'::regconfig
        WHEN 'de' THEN 'pg_catalog.german'::regconfig
        WHEN 'el' THEN 'pg_catalog.greek'::regconfig
        WHEN 'hi' THEN 'pg_catalog.hindi'::regconfig
        WHEN 'hu' THEN 'pg_catalog.hungarian'::regconfig
        WHEN 'id' THEN 'pg_catalog.indonesian'::regconfig
        WHEN 'ga' THEN 'pg_catalog.irish'::regconfig
        WHEN 'it' THEN 'pg_catalog.italian'::regconfig
        WHEN 'lt' THEN 'pg_catalog.lithuanian'::regconfig
        WHEN 'ne' THEN 'pg_catalog.nepali'::regconfig
        WHEN 'no' THEN 'pg_catalog.norwegian'::regconfig
        WHEN 'pt' THEN 'pg_catalog.portuguese'::regconfig
        WHEN 'ro' THEN 'pg_catalog.romanian'::regconfig
        WHEN 'ru' THEN 'pg_catalog.russian'::regconfig
        WHEN 'sr' THEN 'pg_catalog.serbian'::regconfig
        WHEN 'es' THEN 'pg_catalog.spanish'::regconfig
        WHEN 'sv' THEN 'pg_catalog.swedish'::regconfig
        WHEN 'ta' THEN 'pg_catalog.tamil'::regconfig
        WHEN 'tr' THEN 'pg_catalog.turkish'::regconfig
        WHEN 'yi' THEN 'pg_catalog.yiddish'::regconfig
        ELSE 'pg_catalog.english'::regconfig
    END;
BEGIN
    IF octet_length(body) + octet_length(more) > 400000 THEN
        body := left(body, 50000);
        more := left(more, 50000);
    END IF;
    RETURN setweight(to_tsvector(stemmer, translate(heading, '/@<>', '    ')), 'A')
        || setweight(to_tsvector(stemmer, translate(body, '/@<>', '    ')), 'B')
        || setweight(to_tsvector(stemmer, translate(more, '/@<>', '    ')), 'C');
END
$$
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [migrations.RunSQL(MAKE, "DROP FUNCTION words_of_text(text, text, text, text)")]
