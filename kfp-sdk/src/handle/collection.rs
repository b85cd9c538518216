//! Lists of handles and constants as arguments.

use super::expr::Expr;
use super::into_input::IntoInput;

fn list<B, A: IntoInput<B>>(items: impl IntoIterator<Item = A>) -> Expr {
    Expr::list(items.into_iter().map(IntoInput::into_input).collect())
}

#[diagnostic::do_not_recommend]
impl<A: IntoInput<B>, B> IntoInput<Vec<B>> for Vec<A> {
    fn into_input(self) -> Expr {
        list(self)
    }
}

#[diagnostic::do_not_recommend]
impl<A: IntoInput<B>, B> IntoInput<Option<Vec<B>>> for Vec<A> {
    fn into_input(self) -> Expr {
        list(self)
    }
}

#[diagnostic::do_not_recommend]
impl<A: IntoInput<B>, B, const N: usize> IntoInput<Vec<B>> for [A; N] {
    fn into_input(self) -> Expr {
        list(self)
    }
}

#[diagnostic::do_not_recommend]
impl<A: IntoInput<B>, B, const N: usize> IntoInput<Option<Vec<B>>> for [A; N] {
    fn into_input(self) -> Expr {
        list(self)
    }
}

#[diagnostic::do_not_recommend]
impl<A: IntoInput<B> + Clone, B> IntoInput<Vec<B>> for &[A] {
    fn into_input(self) -> Expr {
        list(self.iter().cloned())
    }
}

#[diagnostic::do_not_recommend]
impl<A: IntoInput<B> + Clone, B> IntoInput<Option<Vec<B>>> for &[A] {
    fn into_input(self) -> Expr {
        list(self.iter().cloned())
    }
}
