// An ordered map from StoreKey to a small relocatable value, laid out for few cache misses: leaves
// of 32 entries with the keys apart from the values, below two levels of index. It only grows;
// sweep() rebuilds it without the entries that are no longer wanted, which costs one pass over
// memory in order.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "engine/assert.h"
#include "sim/store/store_key.h"

namespace squall::sim {

// Value must be relocatable: moving its bytes moves it.
template <typename Value>
class LeafTree {
  static constexpr size_t kLeafEntries = 32;
  static constexpr size_t kIndexEntries = 64;
  static constexpr size_t kSweptEntries = 24;  // of a leaf after a sweep: room to grow

  struct Leaf {
    size_t count = 0;
    Leaf* previous = nullptr;
    Leaf* next = nullptr;
    alignas(StoreKey) char key_bytes[kLeafEntries * sizeof(StoreKey)];
    alignas(Value) char value_bytes[kLeafEntries * sizeof(Value)];

    StoreKey* keys() { return reinterpret_cast<StoreKey*>(key_bytes); }
    Value* values() { return reinterpret_cast<Value*>(value_bytes); }
    ~Leaf() {
      std::destroy_n(keys(), count);
      std::destroy_n(values(), count);
    }
  };
  // Each entry leads to what begins at its key; the first one also to everything before.
  struct Index {
    size_t count = 0;
    StoreKey first[kIndexEntries];
    Leaf* leaf[kIndexEntries];
  };

 public:
  // A place in the key order; emplace() and sweep() end its use.
  class Position {
   public:
    bool valid() const { return leaf_ != nullptr && index_ < leaf_->count; }
    const StoreKey& key() const { return leaf_->keys()[index_]; }
    Value& value() const { return leaf_->values()[index_]; }

   private:
    friend class LeafTree;
    Leaf* leaf_ = nullptr;
    size_t index_ = 0;
  };

  LeafTree() { start_empty(); }
  ~LeafTree() { free_all(head_); }
  LeafTree(const LeafTree&) = delete;
  LeafTree& operator=(const LeafTree&) = delete;

  size_t size() const { return size_; }

  Value* find(const StoreKey& key) const {
    Leaf* leaf = find_leaf(key).leaf;
    const size_t at = count_not_above(leaf->keys(), leaf->count, key);
    return at > 0 && leaf->keys()[at - 1] == key ? &leaf->values()[at - 1] : nullptr;
  }

  // The value of the key, made by default if it is new (then .second is true). Valid until the next
  // emplace().
  std::pair<Value*, bool> emplace(const StoreKey& key) {
    Path path = find_leaf(key);
    size_t at = count_not_above(path.leaf->keys(), path.leaf->count, key);
    if (at > 0 && path.leaf->keys()[at - 1] == key) return {&path.leaf->values()[at - 1], false};
    if (path.leaf->count == kLeafEntries) {
      split(path, at);
      path = find_leaf(key);
      at = count_not_above(path.leaf->keys(), path.leaf->count, key);
    }
    return {insert(*path.leaf, at, StoreKey(key), Value()), true};
  }

  // The first entry whose key is >= key; invalid if there is none.
  Position lower_bound(const StoreKey& key) const {
    Position position;
    position.leaf_ = find_leaf(key).leaf;
    position.index_ = count_not_above(position.leaf_->keys(), position.leaf_->count, key);
    if (position.index_ > 0 && position.leaf_->keys()[position.index_ - 1] == key) {
      --position.index_;
    }
    if (position.index_ == position.leaf_->count && position.leaf_->next != nullptr) {
      position.leaf_ = position.leaf_->next;
      position.index_ = 0;
    }
    return position;
  }
  void step(Position& position) const {
    if (++position.index_ == position.leaf_->count && position.leaf_->next != nullptr) {
      position.leaf_ = position.leaf_->next;
      position.index_ = 0;
    }
  }
  // False at the first entry. Also from the place behind the last one.
  bool step_back(Position& position) const {
    if (position.index_ == 0) {
      if (position.leaf_->previous == nullptr) return false;
      position.leaf_ = position.leaf_->previous;
      position.index_ = position.leaf_->count;
    }
    --position.index_;
    return true;
  }

  // Drops the entries for which keep(value) is false.
  template <typename Keep>
  void sweep(Keep&& keep) {
    Leaf* old_head = head_;
    start_empty();
    Leaf* last = head_;
    for (Leaf* leaf = old_head; leaf != nullptr; leaf = leaf->next) {
      for (size_t i = 0; i < leaf->count; ++i) {
        if (!keep(leaf->values()[i])) continue;
        if (last->count == kSweptEntries) last = append_leaf(last, leaf->keys()[i]);
        insert(*last, last->count, std::move(leaf->keys()[i]), std::move(leaf->values()[i]));
      }
    }
    free_all(old_head);
  }

 private:
  struct Path {
    size_t top;    // which index
    size_t entry;  // which of its entries
    Leaf* leaf;
  };
  struct Top {
    StoreKey first;
    std::unique_ptr<Index> index;
  };

  // How many of the sorted keys are <= key.
  size_t count_not_above(const StoreKey* keys, size_t count, const StoreKey& key) const {
    const StoreKey* base = keys;
    const bool words = !has_long_keys_ && key.is_inline();
    while (count > 0) {
      const size_t half = count / 2;
      const bool above = words ? StoreKey::inline_less(key, base[half]) : key < base[half];
      base = above ? base : base + half + 1;
      count = above ? half : count - half - 1;
    }
    return static_cast<size_t>(base - keys);
  }

  Path find_leaf(const StoreKey& key) const {
    size_t low = 1, high = tops_.size();  // the first top whose key is above
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (key < tops_[middle].first) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    const Index& index = *tops_[low - 1].index;
    const size_t entry = count_not_above(index.first + 1, index.count - 1, key);
    return {low - 1, entry, index.leaf[entry]};
  }

  void start_empty() {
    head_ = new Leaf;
    size_ = 0;
    tops_.clear();
    tops_.push_back({StoreKey(), std::make_unique<Index>()});
    tops_[0].index->count = 1;
    tops_[0].index->leaf[0] = head_;
  }

  static void free_all(Leaf* leaf) {
    while (leaf != nullptr) delete std::exchange(leaf, leaf->next);
  }

  Value* insert(Leaf& leaf, size_t at, StoreKey&& key, Value&& value) {
    has_long_keys_ |= !key.is_inline();
    relocate(leaf.keys() + at + 1, leaf.keys() + at, leaf.count - at);
    relocate(leaf.values() + at + 1, leaf.values() + at, leaf.count - at);
    new (leaf.keys() + at) StoreKey(std::move(key));
    ++leaf.count;
    ++size_;
    return new (leaf.values() + at) Value(std::move(value));
  }

  template <typename T>
  static void relocate(T* to, T* from, size_t count) {
    std::memmove(static_cast<void*>(to), static_cast<void*>(from), count * sizeof(T));
  }

  // Makes room in a full leaf where an entry wants in: behind all others it gets a leaf of its own,
  // else half moves.
  void split(const Path& path, size_t at) {
    Leaf* leaf = path.leaf;
    const size_t kept = at == kLeafEntries ? kLeafEntries - 1 : kLeafEntries / 2;
    Leaf* right = new Leaf;
    right->count = leaf->count - kept;
    relocate(right->keys(), leaf->keys() + kept, right->count);
    relocate(right->values(), leaf->values() + kept, right->count);
    leaf->count = kept;
    link_after(leaf, right);
    add_to_index(path.top, path.entry + 1, right->keys()[0], right);
  }

  Leaf* append_leaf(Leaf* last, const StoreKey& first) {
    Leaf* leaf = new Leaf;
    link_after(last, leaf);
    add_to_index(tops_.size() - 1, tops_.back().index->count, first, leaf);
    return leaf;
  }

  static void link_after(Leaf* leaf, Leaf* right) {
    right->previous = leaf;
    right->next = leaf->next;
    if (right->next != nullptr) right->next->previous = right;
    leaf->next = right;
  }

  void add_to_index(size_t top, size_t entry, const StoreKey& first, Leaf* leaf) {
    if (tops_[top].index->count == kIndexEntries) {
      split_index(top, entry == kIndexEntries ? kIndexEntries - 1 : kIndexEntries / 2);
      const size_t kept = tops_[top].index->count;
      if (entry > kept) {
        ++top;
        entry -= kept;
      }
    }
    Index& index = *tops_[top].index;
    std::move_backward(index.first + entry, index.first + index.count,
                       index.first + index.count + 1);
    std::move_backward(index.leaf + entry, index.leaf + index.count, index.leaf + index.count + 1);
    index.first[entry] = first;
    index.leaf[entry] = leaf;
    ++index.count;
  }

  void split_index(size_t top, size_t kept) {
    Index& index = *tops_[top].index;
    auto right = std::make_unique<Index>();
    right->count = index.count - kept;
    std::move(index.first + kept, index.first + index.count, right->first);
    std::copy(index.leaf + kept, index.leaf + index.count, right->leaf);
    index.count = kept;
    StoreKey first = right->first[0];
    tops_.insert(tops_.begin() + static_cast<ptrdiff_t>(top) + 1,
                 Top{std::move(first), std::move(right)});
  }

  Leaf* head_ = nullptr;
  size_t size_ = 0;
  bool has_long_keys_ = false;  // some key may be on the heap: words don't order them
  std::vector<Top> tops_;
};

}  // namespace squall::sim
