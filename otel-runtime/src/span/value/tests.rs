//! Does every list that can be recorded become the array that it is?

use super::*;

#[track_caller]
fn recorded<T: AttributeValue + ?Sized>(value: &T) -> Array {
    match value.attribute_value().record() {
        Some(opentelemetry::Value::Array(array)) => array,
        other => panic!("{other:?}"),
    }
}

fn texts(texts: &[&str]) -> Array {
    Array::String(texts.iter().map(|text| (*text).to_owned().into()).collect())
}

#[test]
fn integers_of_any_width_are_elements() {
    macro_rules! all {
        ($($ty:ty)*) => {$(
            assert_eq!(recorded(&[1 as $ty, 2]), Array::I64(vec![1, 2]), stringify!($ty));
            assert_eq!(recorded(&Vec::<$ty>::new()), Array::I64(Vec::new()), stringify!($ty));
        )*};
    }
    all!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
    let ids = [NonZeroU64::MIN, NonZeroU64::MIN];
    assert_eq!(recorded(ids.as_slice()), Array::I64(vec![1, 1]));
}

#[test]
fn where_one_integer_does_not_fit_all_are_digits() {
    assert_eq!(recorded(&[1, u64::MAX, 3]), texts(&["1", "18446744073709551615", "3"]));
    assert_eq!(recorded(&[i128::MIN]), texts(&["-170141183460469231731687303715884105728"]),);
    let fits = u64::try_from(i64::MAX).expect("it fits");
    assert_eq!(recorded(&[fits]), Array::I64(vec![i64::MAX]));
}

#[test]
fn strings_are_elements_however_they_are_held() {
    let owned = "a".to_owned();
    let expected = texts(&["a"]);
    assert_eq!(recorded(&["a"]), expected);
    assert_eq!(recorded(&vec![owned.clone()]), expected);
    assert_eq!(recorded(&vec![&owned]), expected);
    assert_eq!(recorded(&vec![&&owned]), expected);
    assert_eq!(recorded(&vec![Cow::Borrowed("a")]), expected);
    assert_eq!(recorded(&vec![Cow::<str>::Owned(owned.clone())]), expected);
    assert_eq!(recorded(&vec![Box::<str>::from("a")]), expected);
    assert_eq!(recorded(&vec![Arc::<str>::from("a")]), expected);
    assert_eq!(recorded(&vec![Rc::new(owned)]), expected);
    assert_eq!(recorded(&['a']), expected);
}

#[test]
fn lists_and_sets_are_arrays_however_they_are_held() {
    let expected = Array::I64(vec![1, 2]);
    let list = vec![1_u64, 2];
    assert_eq!(recorded(&list), expected);
    assert_eq!(recorded(list.as_slice()), expected);
    assert_eq!(recorded(&&list), expected);
    assert_eq!(recorded(&Some(list.clone())), expected);
    assert_eq!(recorded(&list.clone().into_boxed_slice()), expected);
    assert_eq!(recorded(&Arc::<[u64]>::from(list.clone())), expected);
    assert_eq!(recorded(&Cow::Borrowed(list.as_slice())), expected);
    assert_eq!(recorded(&VecDeque::from(list.clone())), expected);
    assert_eq!(recorded(&BTreeSet::from([2, 1])), expected);
    assert_eq!(recorded(&HashSet::from([7_usize])), Array::I64(vec![7]));
    assert_eq!(recorded(&[true, false]), Array::Bool(vec![true, false]));
    assert_eq!(recorded(&[&0.5_f32]), Array::F64(vec![0.5]));
}

#[test]
fn scalars_are_what_they_were() {
    let of = |value: Value<'_>| value.record().expect("a value");
    assert_eq!(of(7_u64.attribute_value()), 7.into());
    assert_eq!(of(u64::MAX.attribute_value()), "18446744073709551615".into());
    assert_eq!(of(NonZeroUsize::MIN.attribute_value()), 1.into());
    assert_eq!(of('a'.attribute_value()), "a".into());
    assert_eq!(of("a".attribute_value()), "a".into());
    assert_eq!(of(0.5_f32.attribute_value()), 0.5.into());
    assert!(None::<Vec<u64>>.attribute_value().record().is_none());
}
