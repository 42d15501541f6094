import { Loading, SkeletonRows, SkeletonTitle } from '#components/ui/skeleton';

export default function AdminLoading() {
  return (
    <Loading words="Loading…">
      <SkeletonTitle />
      <SkeletonRows />
    </Loading>
  );
}
