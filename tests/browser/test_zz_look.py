import json, urllib.parse, os
from portal.people.models import Product
from tests.insights.explore.usage import store_usage

def url(q, chart=""):
    return "/insights/explore/?q=" + urllib.parse.quote(json.dumps(q)) + (f"&chart={chart}" if chart else "")

def test_look(browse, look, cast):
    cast("product_manager")
    store_usage(Product.objects.get())
    P = {"products": ["planner"]}
    page = browse("product_manager", "/insights/explore/")
    look(page, "00-empty")
    want = os.environ.get("WANT", "").split(",")
    states = {
      "01-line": ({"kind":"trend","series":[{"event":"report opened","measure":"persons"},{"event":"task created","measure":"persons"}],"interval":"day","date_from":"-30d",**P}, ""),
      "02-compare": ({"kind":"trend","series":[{"event":"report opened","measure":"total"}],"interval":"week","date_from":"-4w","compare":"previous",**P}, ""),
      "03-breakdown": ({"kind":"trend","series":[{"event":"report opened","measure":"total"}],"interval":"day","date_from":"-30d","breakdown":[{"property":"country","of":"event"}],**P}, ""),
      "04-area": ({"kind":"trend","series":[{"event":"report opened","measure":"total"}],"interval":"week","date_from":"-8w","breakdown":[{"property":"plan","of":"event"}],**P}, "area"),
      "05-bar": ({"kind":"trend","series":[{"event":"report opened","measure":"total"}],"interval":"week","date_from":"-8w","breakdown":[{"property":"plan","of":"event"}],**P}, "bar"),
      "06-number": ({"kind":"trend","series":[{"event":"report opened","measure":"persons"},{"event":"task created","measure":"total"}],"interval":"week","date_from":"-8w",**P}, "number"),
      "07-funnel": ({"kind":"funnel","steps":[{"event":"signed up"},{"event":"teammate invited"},{"event":"report exported"}],"date_from":"-60d",**P}, ""),
      "08-funnel-bd": ({"kind":"funnel","steps":[{"event":"signed up"},{"event":"teammate invited"},{"event":"report exported"}],"date_from":"-60d","breakdown":[{"property":"plan","of":"event"}],**P}, ""),
      "09-retention": ({"kind":"retention","target":{"event":"signed up"},"returning":{"event":None},"interval":"week","intervals":8,"date_from":"-8w",**P}, ""),
      "10-retention-line": ({"kind":"retention","target":{"event":"signed up"},"returning":{"event":None},"interval":"week","intervals":8,"date_from":"-8w",**P}, "line"),
      "11-stickiness": ({"kind":"stickiness","series":[{"event":"report opened"}],"interval":"day","date_from":"-14d",**P}, ""),
      "12-lifecycle": ({"kind":"lifecycle","event":{"event":None},"interval":"week","date_from":"-8w",**P}, ""),
      "13-faults": ({"kind":"trend","series":[{"event":"report opened","measure":"weekly_active"}],"interval":"hour","date_from":"2026-13-01","timezone":"Moon/Base",**P}, ""),
      "14-filters": ({"kind":"trend","series":[{"event":"report opened","measure":"avg","property":"size","filters":[{"property":"format","of":"event","op":"is","value":["pdf"]}]}],"interval":"day","date_from":"-30d","filters":[{"property":"plan","of":"person","op":"is_not","value":["free"]},{"any":[{"property":"country","of":"event","op":"is","value":["Germany","France"]},{"property":"size","of":"event","op":"gt","value":10}]}],**P}, ""),
      "15-unknown": ({"kind":"trend","series":[{"event":"no such event","measure":"persons"}],"interval":"day","date_from":"-30d",**P}, ""),
    }
    for name,(q,chart) in states.items():
        if want != [""] and name[:2] not in want: continue
        page.open(url(q, chart)); page.wait_for_timeout(600)
        look(page, name, full=name[:2] in ("01","14"))
    print(page.faults)
