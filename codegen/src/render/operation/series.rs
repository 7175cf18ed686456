//! Operations that are called several times for one result: page after page, or part after part of a long list.

use proc_macro2::TokenStream;
use quote::quote;

use super::{answer, store};
use crate::ir::{Operation, Type};
use crate::names::ident;
use crate::render::ty;

/// The methods of a request whose answer is paged.
pub fn page_methods() -> TokenStream {
    quote! {
        /// All pages, one answer each.
        pub fn pages(self) -> runtime::Pages<Self> {
            runtime::Pages::new(self)
        }

        /// The elements of all pages.
        pub fn items(self) -> runtime::Items<Self> {
            runtime::Items::new(self)
        }
    }
}

/// The method of a request with a list that has a documented maximum.
pub fn batch_method() -> TokenStream {
    quote! {
        /// Any number of elements in place of those of the request, in calls of the documented maximum.
        pub fn batches(self, elements: &[<Self as runtime::Batched>::Element]) -> runtime::Batches<Self> {
            runtime::Batches::new(self, elements.to_vec())
        }
    }
}

/// The method of a request whose work may go on as a task.
pub fn wait_method() -> TokenStream {
    quote! {
        /// Sends the request and waits until the work is done, also where it goes on as a task.
        pub fn wait(self) -> runtime::Wait<Self> {
            runtime::Wait::new(self)
        }
    }
}

/// How the tasks of an answer are found and asked for.
pub fn lasting(operation: &Operation) -> Option<TokenStream> {
    let task = operation.task.as_ref()?;
    let name = ident(&operation.name);
    let answer = answer(operation);
    let reader = ident(&task.module);
    let response = ident(&format!("{}Response", task.operation));
    let ids = match task.id.as_slice() {
        [id] => {
            let id = ident(&id.rust);
            quote!(answer.#id.iter().map(ToString::to_string).collect())
        }
        [list, id] => {
            let (list, id) = (ident(&list.rust), ident(&id.rust));
            quote!(answer.#list.iter().filter_map(|result| result.#id.as_ref().map(ToString::to_string)).collect())
        }
        _ => return None,
    };
    let parameter = &task.parameter;
    let operator = task.operator.as_ref().map(|operator| quote!(.query_from(&self.0, #operator)));
    let (field, status) = (ident(&task.status.0), ident(&task.status.1));
    Some(quote! {
        impl runtime::Lasting for #name {
            type Answer = #answer;
            type Task = super::#reader::#response;

            fn start(&self) -> runtime::Call<#answer> {
                self.0.clone().send()
            }

            fn task_ids(answer: &#answer) -> Vec<String> {
                #ids
            }

            fn task(&self, id: &str) -> runtime::Call<Self::Task> {
                self.0.follow_up(&super::#reader::OPERATION).path(#parameter, id)#operator.send()
            }

            fn state(task: &Self::Task) -> runtime::TaskState {
                let status = task.#field.as_ref().and_then(|task| task.#status.as_ref());
                runtime::TaskState::of(status.map(AsRef::as_ref))
            }
        }
    })
}

/// How a page is asked for and taken apart.
pub fn paged(operation: &Operation) -> Option<TokenStream> {
    let page = operation.page.as_ref()?;
    let name = ident(&operation.name);
    let answer = answer(operation);
    let Type::List(item) = &page.items.ty else { return None };
    let item = ty::owned(item);
    let parameter = operation.parameters.get(page.token)?;
    let token = ty::owned(&parameter.field.ty);
    let store = store(&ident("token"), parameter);
    let (next, items) = (ident(&page.next.rust), ident(&page.items.rust));
    let next = if page.next.always { quote!(Some(answer.#next)) } else { quote!(answer.#next) };
    Some(quote! {
        impl runtime::Paged for #name {
            type Answer = #answer;
            type Item = #item;
            type Token = #token;

            fn page(&self, token: Option<&#token>) -> runtime::Call<#answer> {
                let request = self.0.clone();
                match token {
                    Some(token) => request #store.send(),
                    None => request.send(),
                }
            }

            fn split(answer: #answer) -> (Vec<#item>, Option<#token>) {
                (answer.#items, #next)
            }
        }
    })
}

/// How a part of a long list is sent and its results are taken from the answer.
pub fn batched(operation: &Operation) -> Option<TokenStream> {
    let batch = operation.batch.as_ref()?;
    let name = ident(&operation.name);
    let answer = answer(operation);
    let parameter = operation.parameters.get(batch.items)?;
    let Type::List(element) = &parameter.field.ty else { return None };
    let element = ty::owned(element);
    let store = store(&ident("elements"), parameter);
    let max = proc_macro2::Literal::u32_unsuffixed(batch.max);
    let (outcome, outcomes) = match batch.results.as_ref().map(|results| (&results.ty, ident(&results.rust))) {
        Some((Type::List(result), field)) => (ty::owned(result), quote!(answer.#field)),
        _ => (answer.clone(), quote!(vec![answer])),
    };
    let by_key = batch.key.as_ref().map(|key| {
        let name = ident(&key.rust);
        let same = if key.always {
            quote!(Some(outcome.#name == *element))
        } else {
            quote!(outcome.#name.as_ref().map(|name| name == element))
        };
        quote! {
            fn is_about(outcome: &#outcome, element: &#element) -> Option<bool> {
                #same
            }
        }
    });
    Some(quote! {
        impl runtime::Batched for #name {
            type Element = #element;
            type Answer = #answer;
            type Outcome = #outcome;

            const MAX: usize = #max;

            fn part(&self, elements: &[#element]) -> runtime::Call<#answer> {
                self.0.clone()#store.send()
            }

            fn outcomes(answer: #answer) -> Vec<#outcome> {
                #outcomes
            }

            #by_key
        }
    })
}
