/** Kept views: one's own and those others share. */
import { ask } from "../../http";
import { t } from "../../words";
import { el } from "../../dom";
import { field, iconButton } from "./dom";
import type { OneMap } from "./page";
import { format, parse } from "./state";

interface View {
  id: number;
  name: string;
  shared: boolean;
  own: boolean;
  owner: string;
  fragment: string;
}

/** Show the views and offer to keep the present one. */
export async function showViews(page: OneMap): Promise<void> {
  const list = el("ul", { class: "om-views" });
  const name = el("input", { class: "form-control", maxlength: 120, required: true });
  const shared = el("input", { type: "checkbox" });
  const fill = ({ views }: { views: View[] }) =>
    list.replaceChildren(
      ...(views.length
        ? views.map((view) => row(view, send))
        : [el("li", {}, t("还没有保存的视图。", "No view has been kept yet."))]),
    );
  const send = async (body: unknown) => {
    try {
      fill(await ask<{ views: View[] }>("/map/views", { body }));
    } catch (error) {
      page.fail(error);
    }
  };
  const keep = el(
    "form",
    {
      onsubmit: (event: Event) => {
        event.preventDefault();
        send({ name: name.value, shared: shared.checked, fragment: format(page.state()) });
        name.value = "";
      },
    },
    field(t("当前视图的名称", "name of the present view"), name),
    el("label", { class: "om-check" }, shared, t(" 与同事共享", " share with colleagues")),
    el("button", { class: "btn btn-primary btn-sm" }, t("保存视图", "Keep the view")),
  );
  const link = el(
    "button",
    {
      type: "button",
      class: "btn btn-sm",
      onclick: async () => {
        const address = location.origin + location.pathname + format(page.state());
        await navigator.clipboard?.writeText(address);
        link.classList.add("copied");
      },
    },
    t("复制链接", "Copy the link"),
  );
  page.panel(t("视图", "Views"), [keep, list, link]);
  try {
    fill(await ask<{ views: View[] }>("/map/views"));
  } catch (error) {
    page.fail(error);
  }
}

function row(view: View, send: (body: unknown) => void): HTMLElement {
  const note = view.own ? (view.shared ? t("共享", "shared") : "") : view.owner;
  return el(
    "li",
    {},
    el(
      "a",
      { href: view.fragment || "#", title: parse(view.fragment).date ?? "" },
      view.name,
    ),
    el("small", {}, note),
    view.own
      ? iconButton("trash", t(`删除视图 ${view.name}`, `remove the view ${view.name}`), () =>
          send({ remove: view.id }),
        )
      : null,
  );
}
